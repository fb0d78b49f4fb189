"""The directory's own tables, as the hot paths speak of them."""

from medibook.directory.tables import (
    DirectoryEntry,
    DirectoryKind,
    DirectoryListing,
    DirectoryOffer,
    DirectoryPlace,
    DirectorySpelling,
    DirectoryWord,
    SearchPreference,
)
from medibook.kernel.db import table_of

ENTRY = table_of(DirectoryEntry)
OFFER = table_of(DirectoryOffer)
PLACE = table_of(DirectoryPlace)
LISTING = table_of(DirectoryListing)
KIND = table_of(DirectoryKind)
WORD = table_of(DirectoryWord)
SPELLING = table_of(DirectorySpelling)
PREFERENCE = table_of(SearchPreference)

"""What a browser tells of itself, and what it keeps for a minute for us."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import quote, unquote

FLASH = "mb_flash"
LINK = "mb_link"
FLASH_SECONDS = 60

# The first that fits: most browsers also claim to be the ones further down.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_named(user_agent: str) -> str:
    """Return what a person recognises their browser by: "Firefox · Linux"; "" when unknown."""
    found = [
        next((name for sign, name in names if sign in user_agent), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in found if name)


def flash(said: str) -> str:
    """Return what was typed, or a link's secret, as a cookie's value: kept, and seen by no log."""
    return quote(said[:254], safe="@")


def typed_address(cookies: str) -> str:
    """Return the address that was typed a moment ago, from a Cookie header; "" when there is none."""
    return _flashed(cookies, FLASH)


def kept_link(cookies: str) -> str:
    """Return the secret of the link whose form was refused a moment ago; "" when there is none."""
    return _flashed(cookies, LINK)


def _flashed(cookies: str, wanted: str) -> str:
    for pair in cookies.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted:
            return unquote(value.strip('"'))[:254]
    return ""


def client_address(*, direct: str, forwarded: str, hops: int) -> str:
    """Return whose attempts are counted together: the client as the outermost trusted proxy saw it.

    ``forwarded`` is X-Forwarded-For; what stands left of the trusted hops was written by the asker
    and may say anything. One household has a whole /64 of version 6.
    """
    passed = [part.strip() for part in forwarded.split(",")]
    seen = passed[-hops] if forwarded and 0 < hops <= len(passed) else direct
    try:
        address = ip_address(seen)
    except ValueError:
        return direct
    is_wide = isinstance(address, IPv6Address) and address.ipv4_mapped is None
    return f"{address.exploded[:19]}::/64" if is_wide else str(address)

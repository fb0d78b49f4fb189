"""How Alembic reaches the database: the settings' own, or the one that the caller hands in."""

from alembic import context
from medibook.kernel.db import make_engine
from medibook.kernel.settings import load_settings
from medibook.tables import metadata


def run() -> None:
    """Run the migrations, one transaction each; SQLite by batches (it cannot alter)."""
    url = context.config.get_main_option("sqlalchemy.url") or load_settings().database
    engine = make_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            compare_type=True,
            compare_server_default=True,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()

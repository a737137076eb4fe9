"""What is to be gone for good is gone from the database's file, too, and from copies of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from nbmlops.errors import StoreUnavailable
from nbmlops.store.database_files import copies_of
from nbmlops.store.places import path_of

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep


def overwrite_what_goes(connection: Connection) -> None:
    """Have what is deleted or overwritten be overwritten in the file too."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def give_back_pages(store: "Upkeep") -> bool:
    """Have the database written anew; return whether nothing of what it was is left in it."""
    try:
        return store.give_back_pages()
    except StoreUnavailable:  # somebody holds it, or there is no room; the records are gone
        return False


def copies_beside(store: "Upkeep") -> list[Path]:
    """Return the copies of the database that were made before it was upgraded or repaired."""
    if store.engine.dialect.name != "sqlite":
        return []
    return copies_of(path_of(store.url))

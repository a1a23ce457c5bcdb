"""Make a database of PostgreSQL as it was after the migrations, so that the next test may have it.

That takes a fifth of what a new copy of the template takes. What cannot be made good is thrown away: tables that a test
changed, and tables that grew long.
"""

from typing import Final

import asyncpg  # type: ignore[import-untyped]

LONG_BYTES: Final = 1 << 20
"""All tables together: what was deleted stays in a table, and slows down whatever reads it."""

_SHAPE: Final = """
    SELECT md5(string_agg(format('%s %s %s', c.oid, c.relname, a.*), ',' ORDER BY c.oid, a.attnum))
        || (SELECT format(' %s %s', count(*), max(oid)) FROM pg_constraint)
        || (SELECT format(' %s %s', count(*), max(oid)) FROM pg_trigger)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
"""
_NOTE: Final = f"""
    DO $$ DECLARE
        name text;
        filled boolean;
    BEGIN
        CREATE SCHEMA as_made;
        CREATE TABLE as_made.sequences AS SELECT sequencename, start_value, last_value FROM pg_sequences;
        CREATE TABLE as_made.shape AS {_SHAPE};
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
            IF filled THEN
                EXECUTE format('CREATE TABLE as_made.%I AS TABLE public.%I', 'rows_' || name, name);
            END IF;
        END LOOP;
    END $$
"""
_LEFT_ALONE: Final = f"""
    SELECT (SELECT * FROM as_made.shape) = ({_SHAPE})
        AND $1 > (
            SELECT sum(pg_relation_size(oid)) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        )
"""
_OTHERS: Final = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
_EMPTY: Final = """
    DO $$ DECLARE
        name text;
    BEGIN
        PERFORM set_config('session_replication_role', 'replica', true);
        FOR name IN
            SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
        LOOP
            EXECUTE format('DELETE FROM %I', name);
            IF to_regclass(format('as_made.%I', 'rows_' || name)) IS NOT NULL THEN
                EXECUTE format('INSERT INTO %I TABLE as_made.%I', name, 'rows_' || name);
            END IF;
        END LOOP;
        PERFORM setval(format('%I', sequencename)::regclass, coalesce(last_value, start_value), last_value IS NOT NULL)
        FROM as_made.sequences;
    END $$
"""


async def note_as_made(host: str, database: str) -> None:
    """Note, within a database that has just been made, how it is."""
    connection = await _connect(host, database)
    try:
        await connection.execute(_NOTE)
    finally:
        await connection.close()


async def made_empty(host: str, database: str) -> bool:
    """Whether the database could be made as it was. Whoever is still connected to it is not any more."""
    connection = await _connect(host, database)
    try:
        await connection.execute(_OTHERS)
        if not await connection.fetchval(_LEFT_ALONE, LONG_BYTES):
            return False
        await connection.execute(_EMPTY)
    finally:
        await connection.close()
    return True


async def _connect(host: str, database: str) -> asyncpg.Connection:
    return await asyncpg.connect(host=host, user="keskus", database=database)

"""The records: engine, tables, migrations, the journal and its spool."""

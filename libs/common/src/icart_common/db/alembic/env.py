"""Alembic's environment: it runs on the connection that `icart_common.db.migrate` has opened and locked."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()

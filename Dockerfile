# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/opsbot
WORKDIR /src
RUN pip install --no-cache-dir 'uv>=0.9,<1'
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY bot bot
COPY handlers handlers
COPY scheduler scheduler
COPY storage storage
COPY manifests manifests
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home opsbot
COPY --from=build /opt/opsbot /opt/opsbot
ENV PATH=/opt/opsbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OPSBOT_HOST=0.0.0.0 \
    DATABASE_URL=sqlite+aiosqlite:////data/opsbot.db
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# The bot handles SIGTERM itself and is out within 10 s, also as process 1.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/livez', timeout=2)"]
ENTRYPOINT ["opsbot"]
CMD ["serve"]

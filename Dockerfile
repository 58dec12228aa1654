# syntax=docker/dockerfile:1
# One image for everything of ours and for Prefect's server: the same lock, so client and server never disagree.
FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254 AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/fuwen
ENV PATH=/opt/fuwen/bin:$PATH
COPY requirements.txt /src/
RUN pip install --require-hashes --no-deps -r /src/requirements.txt
COPY pyproject.toml README.md LICENSE /src/
COPY adapters /src/adapters
COPY cli /src/cli
COPY config /src/config
COPY domain /src/domain
COPY flows /src/flows
COPY portal /src/portal
COPY schemas /src/schemas
COPY tasks /src/tasks
RUN pip install --no-deps --no-build-isolation /src && python -m compileall -q /opt/fuwen

FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254
# Fonts for the picture of page 1 where a letter does not bring its own.
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/fuwen --create-home fuwen \
 && install -d -o fuwen -g fuwen /var/lib/fuwen/lock /var/lib/fuwen/prefect /etc/fuwen
COPY --from=build /opt/fuwen /opt/fuwen
COPY deploy/bucket_policies.py /opt/fuwen/deploy/
ENV PATH=/opt/fuwen/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PREFECT_HOME=/var/lib/fuwen/prefect \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    FUWEN_DATA_DIR=/var/lib/fuwen \
    FUWEN_LOCK_DIR=/var/lib/fuwen/lock
USER fuwen
WORKDIR /var/lib/fuwen
CMD ["fuwen", "--help"]

# One image for every service of compose.yaml. The build needs only a Python package index; with
# `--build-arg AUDIO=1`, which adds what `genrelab listen` needs, a Debian mirror too.
FROM python:3.11-slim

ARG AUDIO=

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    GENRELAB_HOME=/data

WORKDIR /opt/genrelab

# Dependencies first, because they change less often than the code. With boto3 and Dask, for several machines.
COPY requirements-s3.lock requirements-dask.lock ./
RUN python -m pip install --quiet --require-hashes -r requirements-s3.lock \
    && python -m pip install --quiet --require-hashes -r requirements-dask.lock
COPY requirements-audio.lock ./
RUN if [ -n "$AUDIO" ]; then \
        apt-get update -qq \
        && apt-get install -y -qq --no-install-recommends ffmpeg \
        && rm -rf /var/lib/apt/lists/* \
        && python -m pip install --quiet --require-hashes -r requirements-audio.lock; \
    fi

COPY pyproject.toml README.md LICENSE prefect.yaml ./
COPY src ./src
COPY flows ./flows
COPY tasks ./tasks
COPY expectations ./expectations
RUN python -m pip install --quiet --no-deps --no-build-isolation -e . \
    && useradd --create-home genrelab \
    && mkdir /data \
    && chown genrelab /data

USER genrelab
VOLUME /data
ENTRYPOINT ["genrelab"]
CMD ["nightly"]

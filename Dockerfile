# The bot in a container:   make image            (DEVICE=cpu)
#                           make image DEVICE=cuda
#
# Where packages come from is pip's own matter, and no address of an index stands here. To use another index than pip's
# default, hand pip its variables (PIP_INDEX_URL, PIP_EXTRA_INDEX_URL) as build arguments; for an index with a password,
# hand it a pip.conf as a secret, which leaves no trace in the image: docker build --secret id=pip,src=pip.conf …
#
# DEVICE says which build of torch the image must end up with. pip's default index has the CUDA build for Linux, which
# brings gigabytes of NVIDIA's libraries. torch's own index of CPU builds has `2.13.0+cpu`, which counts as newer than
# `2.13.0`: given as PIP_EXTRA_INDEX_URL, it wins. Without one, a cpu image paints just the same and is only larger,
# and the build says so; a cuda image with a CPU build could not do what it is for, so that build fails.

ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS build
ARG DEVICE=cpu
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN python -m venv /opt/vernissage
ENV PATH=/opt/vernissage/bin:$PATH
WORKDIR /src

# What changes seldom comes first, so that a change of our code installs our code alone.
COPY constraints.txt pyproject.toml ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    pip install "$(grep '^torch==' constraints.txt)"
RUN cuda="$(python -c 'import torch; print(torch.version.cuda or "")')" \
    && case "$DEVICE:$cuda" in \
      cpu:) ;; \
      cpu:*) echo "This torch brings CUDA $cuda along: an index of CPU builds makes a smaller image (see the top)" ;; \
      cuda:) echo "DEVICE=cuda, but this torch is a CPU build: give pip an index that has the CUDA build" >&2; exit 1 ;; \
      cuda:*) ;; \
      *) echo "DEVICE must be cpu or cuda, got $DEVICE" >&2; exit 1 ;; \
    esac
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
      > requirements.txt \
    && pip install --constraint constraints.txt --requirement requirements.txt

COPY LICENSE README.md ./
COPY evolution evolution
COPY storage storage
COPY style style
COPY sandbox sandbox
COPY bot bot
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    pip install --no-deps . && pip check

FROM python:${PYTHON}-slim-bookworm
LABEL org.opencontainers.image.title="Vernissage" \
      org.opencontainers.image.description="A Telegram bot in which people evolve pictures by voting" \
      org.opencontainers.image.licenses="MIT"
# A number of its own, so that the owner of a mounted folder can be set: chown 10001:10001
RUN groupadd --gid 10001 vernissage \
    && useradd --uid 10001 --gid vernissage --no-create-home --home-dir /data --shell /usr/sbin/nologin vernissage \
    && install --directory --owner=vernissage --group=vernissage /data
COPY --from=build /opt/vernissage /opt/vernissage
# HF_HOME: a model of a hub is downloaded once, into the volume. A webhook's server that listened on the container's own
# loopback would be reached by nobody.
ENV PATH=/opt/vernissage/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VERNISSAGE_DATA=/data \
    VERNISSAGE_WEBHOOK_LISTEN=0.0.0.0 \
    HF_HOME=/data/hub \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10001:10001
WORKDIR /data
VOLUME /data
# 8443 the webhook, if one is set; 8080 the page of `demo --host 0.0.0.0 --no-browser`
EXPOSE 8443 8080
STOPSIGNAL SIGTERM
# The bot writes a heartbeat from its first second on, while it loads the model too: see bot/heartbeat.py.
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 CMD ["vernissage", "health"]
ENTRYPOINT ["vernissage"]
CMD ["run"]

# docker build -t citewell .        (docs/deploy.md says how to run it)
FROM python:3.11-slim-bookworm AS build
# PyTorch's own index has builds for the CPU alone, which are a tenth of the size.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
RUN python -m venv /opt/citewell
COPY constraints.txt ./
RUN /opt/citewell/bin/pip install --constraint constraints.txt --extra-index-url "$TORCH_INDEX" torch
COPY pyproject.toml README.md LICENSE app.py ./
COPY index index
COPY qa qa
RUN /opt/citewell/bin/pip install --constraint constraints.txt --extra-index-url "$TORCH_INDEX" .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home citewell \
    && install --directory --owner citewell /data
COPY --from=build /opt/citewell /opt/citewell
# HOME is where libraries put what they make for a while; the rest of the image is read alone. What
# a build exports of the model lies beside the knowledge base, for `serve` to take.
ENV PATH=/opt/citewell/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 \
    XDG_CACHE_HOME=/data/cache CITEWELL_KB=/data/kb CITEWELL_HOST=0.0.0.0 CITEWELL_PORT=7860
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 7860
# Loading the model takes some 10 s on two cores.
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ['CITEWELL_PORT'], timeout=4)"]
ENTRYPOINT ["citewell"]
CMD ["serve"]

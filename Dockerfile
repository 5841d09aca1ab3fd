# Build:  docker build --build-arg TORCH_INDEX=<PyTorch's CPU wheel index> -t rs5m-explorer .
# Serve:  docker run -p 8000:8000 -v /data/rs5m:/data/rs5m:ro rs5m-explorer serve /data/rs5m/catalogue
# Index:  docker run -v /data/rs5m:/data/rs5m rs5m-explorer index /data/rs5m/shards --out /data/rs5m/catalogue
#
# Mount the folder that holds both catalogue and shards at the path it was indexed under, or keep the two side by
# side: a catalogue finds its images by relative path first.

FROM node:22-slim AS assets
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim AS wheel
WORKDIR /src
RUN pip install --no-cache-dir build
COPY pyproject.toml README.md ./
COPY app app
COPY indexer indexer
COPY templates templates
COPY static static
COPY scripts scripts
COPY --from=assets /src/node_modules node_modules
RUN python scripts/install_assets.py --installed && python -m build --wheel --outdir /wheels

FROM python:3.11-slim AS environment
# Empty: torch as PyPI has it. A CPU index keeps several gigabytes of CUDA libraries out of the image.
ARG TORCH_INDEX=""
RUN python -m venv /opt/rs5m
RUN if [ -n "$TORCH_INDEX" ]; then \
        /opt/rs5m/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX" torch torchvision; \
    fi
COPY --from=wheel /wheels /wheels
RUN /opt/rs5m/bin/pip install --no-cache-dir /wheels/*.whl

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 rs5m
COPY --from=environment /opt/rs5m /opt/rs5m
ENV PATH=/opt/rs5m/bin:$PATH PYTHONUNBUFFERED=1
USER rs5m
WORKDIR /home/rs5m
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Inside a container the published port reaches only 0.0.0.0; publish it on the host's loopback unless others may read.
ENV RS5M_HOST=0.0.0.0 RS5M_PORT=8000
ENTRYPOINT ["rs5m"]
CMD ["serve", "/catalogue"]

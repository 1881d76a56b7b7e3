# One image for web, workers and beat; docker-compose.yml says which is which.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --system --uid 10001 --create-home --home-dir /home/factcheck factcheck \
    && install -d -o factcheck -g factcheck -m 0700 /var/lib/factcheck
WORKDIR /srv/factcheck

COPY requirements.txt ./
RUN pip install --no-deps --require-hashes -r requirements.txt

COPY manage.py ./
COPY factcheck ./factcheck
COPY claims ./claims
COPY templates ./templates
RUN python -m compileall -q factcheck claims

ENV FACTCHECK_STATE=/var/lib/factcheck FACTCHECK_BIND=0.0.0.0 PORT=8000 \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MALLOC_ARENA_MAX=2
USER factcheck
VOLUME /var/lib/factcheck
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "python:factcheck.gunicorn_settings", "factcheck.wsgi:application"]

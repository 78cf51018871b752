# Palou with its pages and its connection to WeChat, or with other EXTRAS; what is its own (settings,
# archives, database) lies in /data, which should be a volume.
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
ARG EXTRAS=web,wechat
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/palou-*.whl)[${EXTRAS}]" \
    && rm -r /wheels \
    && useradd --create-home --uid 1000 palou \
    && install --directory --owner palou --group palou /data
USER 1000:1000
WORKDIR /data
VOLUME /data
EXPOSE 8001
# SIGTERM ends it in order: what waits is sent, what is noted is written.
STOPSIGNAL SIGTERM
ENTRYPOINT ["palou"]
CMD ["doctor"]

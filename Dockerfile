# The image of operator and workers: Node runs the sources as they are, so nothing is built but the dependencies.
#
#   docker build -t netpulse:0.1.0 .
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: the only ones build optional native helpers that nothing here needs.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE* ./
COPY config ./config
COPY plugins ./plugins
COPY src ./src
# 65532 is the image's own unprivileged user, given as a number so that runAsNonRoot can check it. Nothing is written
# outside /tmp: the root file system may be read-only.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/nodejs/bin/node", "/app/src/cli/main.ts"]
CMD ["operator"]

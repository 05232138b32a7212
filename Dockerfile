# The node of one agency, its command line and the auditor. Every RUN works in WORKDIR with the files that were copied there and with
# nothing else of the image, so that scripts/check-image.mjs can carry out the same steps in a plain folder.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
RUN npm ci --include=dev --no-audit --no-fund
RUN node_modules/.bin/tsc -b services/node services/cli services/auditor
# What the running node needs is made anew in the next stage, without compilers.
RUN rm -rf node_modules packages/*/node_modules services/*/node_modules packages/*/dist/*.tsbuildinfo services/*/dist/*.tsbuildinfo

FROM ${NODE_IMAGE} AS libraries
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json /app/.npmrc ./
COPY --from=build /app/packages ./packages
COPY --from=build /app/services ./services
# Optional libraries are the binaries of the PostgreSQL that a trial starts: a node in a container has its own server.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --workspace @entente/node --workspace @entente/cli --workspace @entente/auditor

FROM ${NODE_IMAGE} AS runtime
LABEL org.opencontainers.image.title="Entente" \
      org.opencontainers.image.description="The node that a national agency runs to share intelligence on export-control and customs matters" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
ENV ENTENTE_CONFIG=/etc/entente/entente.json
ENV PATH=/app/node_modules/.bin:/usr/local/bin:/usr/bin:/bin
WORKDIR /app
COPY --from=libraries /app ./
COPY migrations ./migrations
COPY scripts/docker/health.mjs ./scripts/docker/health.mjs
COPY LICENSE ./
# Files belong to root, the process does not: it cannot change its own program.
USER 10001:10001
EXPOSE 8080 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "scripts/docker/health.mjs"]
ENTRYPOINT ["node", "services/cli/bin/entente.js"]
CMD ["serve"]

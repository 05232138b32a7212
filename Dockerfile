# The node of one agency, its command line and the auditor. Every RUN works in WORKDIR with the files that were copied there and with
# nothing else of the image, so that scripts/check-image.mjs can carry out the same steps in a plain folder.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
RUN npm ci --include=dev --no-audit --no-fund
RUN node_modules/.bin/tsc -b services/node services/cli services/auditor
RUN node scripts/bundle.mjs
RUN mkdir bin && ln -s ../services/cli/bin/entente.js bin/entente

FROM ${NODE_IMAGE} AS runtime
LABEL org.opencontainers.image.title="Entente" \
      org.opencontainers.image.description="The node that a national agency runs to share intelligence on export-control and customs matters" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
ENV ENTENTE_CONFIG=/etc/entente/entente.json
ENV PATH=/app/bin:/usr/local/bin:/usr/bin:/bin
WORKDIR /app
# The bundles hold every library that they use: there is nothing else to load, and nothing else to keep free of flaws.
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/bin ./bin
COPY --from=build /app/services/cli/bin ./services/cli/bin
COPY --from=build /app/services/cli/dist/program ./services/cli/dist/program
COPY --from=build /app/services/node/dist/program ./services/node/dist/program
COPY --from=build /app/services/auditor/dist/program ./services/auditor/dist/program
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

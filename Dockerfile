# syntax=docker/dockerfile:1

FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS web
WORKDIR /src
COPY web/package.json web/package-lock.json web/
RUN PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix web --no-audit --no-fund \
 || PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-save --prefix web --no-audit --no-fund
COPY schema.graphqls .
COPY graphql/schema graphql/schema
COPY web web
RUN npm --prefix web run build

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/dist web/dist
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/parley ./cmd/parley

# Slim instead of distroless, because transcripts need fonts for scripts that the program does not embed.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates fonts-noto-cjk fonts-noto-color-emoji tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin parley \
 && install -d -o parley -g parley -m 0700 /var/lib/parley
COPY --from=build /out/parley /usr/local/bin/parley
COPY LICENSE /usr/share/doc/parley/LICENSE
USER 10001
ENV PARLEY_LISTEN=0.0.0.0:8080 PARLEY_DATA_DIR=/var/lib/parley
VOLUME /var/lib/parley
EXPOSE 8080
ENTRYPOINT ["parley"]
CMD ["serve"]

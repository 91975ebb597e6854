import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/**
 * A certificate of `localhost` and 127.0.0.1 that is its own authority, until 2126, with its key. Nothing
 * trusts it but a test that says so. Made by:
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
 *       -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
 *       -keyout localhost.key.pem -out localhost.cert.pem
 */
export const localhostTls = { cert: read('localhost.cert.pem'), key: read('localhost.key.pem') };

/** Where the certificate is, for `NODE_EXTRA_CA_CERTS` of a child. */
export const localhostCertFile = fileURLToPath(new URL('localhost.cert.pem', import.meta.url));

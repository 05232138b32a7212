// Is the node ready? Asks its own /readyz as an officer would reach it, and believes the certificate of the configuration only.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { dirname, resolve } from 'node:path';

const file = process.env.ENTENTE_CONFIG ?? 'entente.json';
const { agency = {} } = JSON.parse(readFileSync(file, 'utf8'));
const port = process.env.ENTENTE_AGENCY_PORT ?? agency.port ?? 8080;
const request = agency.tls
  ? https.get({
      port,
      host: '127.0.0.1',
      path: '/readyz',
      ca: readFileSync(resolve(dirname(file), agency.tls.certificate_file)),
      // The certificate names the host that officers use; here it is compared whole.
      checkServerIdentity: () => undefined,
      timeout: 4000,
    })
  : http.get({ port, host: '127.0.0.1', path: '/readyz', timeout: 4000 });

request
  .on('timeout', () => request.destroy(new Error('no answer within 4 s')))
  .on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .on('response', (response) => {
    response.resume();
    if (response.statusCode !== 200) console.error(`/readyz answers ${response.statusCode}`);
    process.exitCode = response.statusCode === 200 ? 0 : 1;
  });

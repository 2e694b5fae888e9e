// Single sign-on for the journeys: an OpenID provider (oidc-provider, as it is) and a small CAS 3.0
// server, both on loopback.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

function listening(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

const jwk = (type, options, more) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  use: 'sig',
  ...more,
});

/// An OpenID provider with one client, that signs ID tokens with `algorithm`. Whoever comes says who
/// he is: any name will do.
export async function openidProvider(returnAddress, algorithm) {
  const server = createServer();
  const issuer = await listening(server);
  const client = {
    client_id: 'hefu',
    client_secret: randomBytes(24).toString('base64'),
    redirect_uris: [returnAddress],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: algorithm,
  };
  const provider = new Provider(issuer, {
    clients: [client],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    pkce: { required: () => true, methods: ['S256'] },
    jwks: {
      keys: [
        jwk('rsa', { modulusLength: 2048 }, { kid: 'r1', alg: 'RS256' }),
        jwk('ec', { namedCurve: 'P-256' }, { kid: 'e1', alg: 'ES256' }),
        jwk('ed25519', {}, { kid: 'd1', alg: 'EdDSA' }),
      ],
    },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    cookies: { keys: [randomBytes(24).toString('hex')] },
  });
  server.on('request', provider.callback());
  return { issuer, secret: client.client_secret, close: () => server.close() };
}

/// A CAS server where `user` is signed in already: it asks him with one button. Tickets are good once,
/// for the service they were given for. Source: CAS Protocol 3.0 §2.1, §2.5.
export async function casServer(user) {
  const tickets = new Map();
  const answer = (inside) =>
    `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inside}</cas:serviceResponse>`;
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://cas');
    const service = url.searchParams.get('service') ?? '';
    if (url.pathname === '/cas/login') {
      const ticket = `ST-${randomBytes(12).toString('hex')}`;
      tickets.set(ticket, service);
      const back = new URL(service);
      back.searchParams.set('ticket', ticket);
      response.setHeader('Content-Type', 'text/html');
      response.end(`<a id="enter" href="${back.href.replaceAll('&', '&amp;')}">${user}</a>`);
      return;
    }
    const ticket = url.searchParams.get('ticket') ?? '';
    const good = url.pathname === '/cas/p3/serviceValidate' && tickets.get(ticket) === service;
    tickets.delete(ticket);
    response.setHeader('Content-Type', 'application/xml');
    response.end(
      answer(
        good
          ? `<cas:authenticationSuccess><cas:user>${user}</cas:user></cas:authenticationSuccess>`
          : '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>',
      ),
    );
  });
  return { url: `${await listening(server)}/cas`, close: () => server.close() };
}

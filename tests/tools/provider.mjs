// A real provider of identities on a free port of this machine, for tests: it says its issuer, then takes orders, one a line.
// Use: node provider.mjs REDIRECT_URI; an order is {"people": {...}} or {"fault": "..."}.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const need = createRequire(fileURLToPath(new URL('../../web/package.json', import.meta.url)));
const { default: Provider } = await import(need.resolve('oidc-provider'));

const redirects = process.argv.slice(2);
let people = {}; // what each claims, by subject: the login of the provider asks for nothing else

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    { client_id: 'zonewright', client_secret: 'a secret: of two/parts', redirect_uris: redirects, grant_types: ['authorization_code'], response_types: ['code'] },
    { client_id: 'post', client_secret: 'another secret', redirect_uris: redirects, token_endpoint_auth_method: 'client_secret_post' },
    { client_id: 'ec', client_secret: 'another secret', redirect_uris: redirects, id_token_signed_response_alg: 'ES256' },
    { client_id: 'ps', client_secret: 'another secret', redirect_uris: redirects, id_token_signed_response_alg: 'PS256' },
    { client_id: 'public', redirect_uris: redirects, token_endpoint_auth_method: 'none' },
  ],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'HS256'] },
  pkce: { required: () => true, methods: ['S256'] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  cookies: { keys: ['of tests'] },
  jwks: { keys: await makeKeys() },
  ttl: { AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 300, Grant: 300, AccessToken: 60 },
  findAccount: (_, subject) => (people[subject] === undefined ? undefined : { accountId: subject, claims: () => ({ sub: subject, ...people[subject] }) }),
  interactions: { url: (_, interaction) => `/enter/${interaction.uid}` },
});

async function makeKeys() {
  const { exportJWK, generateKeyPair } = await import(need.resolve('jose', { paths: [need.resolve('oidc-provider')] }));
  const make = async (alg) => ({ ...(await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey)), use: 'sig' });
  return [await make('RS256'), await make('ES256')];
}

/** The page of the provider: the subject is typed in, and consent is given. */
async function enter(request, response) {
  const details = await provider.interactionDetails(request, response);
  const subject = new URL(request.url, issuer).searchParams.get('subject');
  if (subject === null) {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Provider</title><h1>Provider</h1><form><label>Subject <input name="subject"></label><button>Enter</button></form>');
    return;
  }
  if (subject === 'nobody') {
    await provider.interactionFinished(request, response, { error: 'access_denied' }, { mergeWithLastSubmission: false });
    return;
  }
  const grant = new provider.Grant({ accountId: subject, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  await provider.interactionFinished(request, response, { login: { accountId: subject, remember: false }, consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/enter/')) enter(request, response).catch((error) => response.writeHead(400).end(String(error)));
  else callback(request, response);
});
provider.on('server_error', (_, error) => console.error(error));
console.log(issuer);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    ({ people } = JSON.parse(line));
    console.log('done');
  })
  .on('close', () => process.exit(0));

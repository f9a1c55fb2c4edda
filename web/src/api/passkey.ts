// Passkeys: the authenticator makes keys and signs what the server asks; the server judges both.
import { t } from '../i18n';
import { decode, encode } from '../model/base64url';
import { send } from './http';
import { Problem, problemFrom } from './problem';

export interface Passkey {
  id: string;
  name: string;
  host: string;
  created: string;
  used: string | null;
}

interface NewAsked {
  challenge: string;
  host: string;
  user: string;
  name: string;
  full_name: string;
  known: string[];
}

interface SignAsked {
  time: string;
  challenge: string;
  host: string;
  passkeys: string[];
}

/** ES256, EdDSA, RS256 by their COSE numbers. */
const ALGORITHMS = [-7, -8, -257];

const described = (id: string): PublicKeyCredentialDescriptor => ({ type: 'public-key', id: decode(id) });

/** Whether this browser has passkeys at all: only where it trusts the address. */
export const canPasskey = (): boolean => typeof PublicKeyCredential !== 'undefined';

/** What the browser or the authenticator gives; that they give nothing is no fault of the network. */
async function given(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    return (await asked) as PublicKeyCredential;
  } catch (error) {
    throw new Problem({ status: 403, code: 'PASSKEY', title: t('problem.passkey'), detail: problemFrom(error).document.detail });
  }
}

/** Makes a passkey and gives its public half to the server; `present` is the password, empty for who has none. */
export async function makePasskey(name: string, present: string): Promise<void> {
  const asked = (await send<NewAsked>('passkeys/challenge', { method: 'POST' })).data;
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: decode(asked.challenge),
    rp: { id: asked.host, name: 'Zonewright' },
    user: { id: decode(asked.user), name: asked.name, displayName: asked.full_name || asked.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: asked.known.map(described),
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    attestation: 'none',
  };
  const response = (await given(navigator.credentials.create({ publicKey }))).response as AuthenticatorAttestationResponse;
  await send('passkeys', {
    method: 'POST',
    json: {
      name,
      algorithm: response.getPublicKeyAlgorithm(),
      client_data: encode(response.clientDataJSON),
      authenticator_data: encode(response.getAuthenticatorData()),
      ...(present === '' ? {} : { present }),
    },
  });
}

/** What a passkey gives for a challenge: one of those named, or where none is named whichever there is for the host. */
async function signed(asked: { challenge: string; host: string }, passkeys: string[]): Promise<{ answer: object; user: ArrayBuffer | null }> {
  const publicKey: PublicKeyCredentialRequestOptions = { challenge: decode(asked.challenge), rpId: asked.host, allowCredentials: passkeys.map(described), userVerification: 'required' };
  const got = await given(navigator.credentials.get({ publicKey }));
  const response = got.response as AuthenticatorAssertionResponse;
  return {
    answer: {
      id: encode(got.rawId),
      client_data: encode(response.clientDataJSON),
      authenticator_data: encode(response.authenticatorData),
      signature: encode(response.signature),
    },
    user: response.userHandle,
  };
}

/** What proves a signature: the passkey signs the hash of the manifest that `body` makes. */
export async function passkeyProof(path: string, body: object): Promise<{ time: string; passkey: object }> {
  const asked = (await send<SignAsked>(path, { method: 'POST', json: body })).data;
  return { time: asked.time, passkey: (await signed(asked, asked.passkeys)).answer };
}

/** What signs its owner in, who is named by the passkey itself. */
export async function passkeySignIn(): Promise<object> {
  const asked = (await send<{ challenge: string; host: string }>('session/challenge', { method: 'POST' })).data;
  const { answer, user } = await signed(asked, []);
  return { ...answer, user: user === null ? '' : encode(user) };
}

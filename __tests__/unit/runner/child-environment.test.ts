import { expect, it } from 'vitest'
import { childEnvironment } from '../../../src/runner/child-environment.ts'

it('has no inputs, no state, and nothing else that a `run:` step does not get', () => {
  const kept = {
    PATH: '/bin',
    HOME: '/home/jo',
    HTTPS_PROXY: 'http://proxy',
    AZURE_CLIENT_ID: 'c',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    GITHUB_REPOSITORY: 'acme/shop',
    MY_INPUT_FILE: 'x',
  }
  const hidden = {
    'INPUT_API-KEY': 'secret',
    INPUT_KUBECONFIG: 'secret',
    input_password: 'secret',
    STATE_phase: 'minting',
    ACTIONS_RUNTIME_TOKEN: 'secret',
    ACTIONS_RUNTIME_URL: 'https://runtime',
    ACTIONS_CACHE_URL: 'https://cache',
    ACTIONS_RESULTS_URL: 'https://results',
  }
  expect(childEnvironment({ ...hidden, ...kept })).toEqual(kept)
})

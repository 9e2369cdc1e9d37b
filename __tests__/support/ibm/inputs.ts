// The inputs for the fake IBM services, by provider.
import type { FakeIbm } from './environment.ts'

export function dedicatedInputs(ibm: FakeIbm) {
  return {
    'api-endpoint': ibm.api,
    'registry-endpoint': ibm.registry,
    username: ibm.login.username,
    password: ibm.login.password,
    organization: ibm.organization.name,
  }
}

export function ibmcloudInputs(ibm: FakeIbm) {
  return {
    provider: 'ibmcloud',
    'iam-endpoint': ibm.iam,
    'api-key': ibm.login.apiKey,
    account: ibm.serviceId.account,
    'service-id': ibm.serviceId.id,
    'docker-server': ibm.registryHost,
  }
}

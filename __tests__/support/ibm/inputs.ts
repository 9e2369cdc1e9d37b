// What a step is told of a practice environment, by provider.
import type { PracticeEnvironment } from './environment.ts'

export function dedicatedInputs(ibm: PracticeEnvironment) {
  return {
    'api-endpoint': ibm.api,
    'registry-endpoint': ibm.registry,
    username: ibm.login.username,
    password: ibm.login.password,
    organization: ibm.organization.name,
  }
}

export function ibmcloudInputs(ibm: PracticeEnvironment) {
  return {
    provider: 'ibmcloud',
    'iam-endpoint': ibm.iam,
    'api-key': ibm.login.apiKey,
    account: ibm.serviceId.account,
    'service-id': ibm.serviceId.id,
    'docker-server': ibm.registryHost,
  }
}

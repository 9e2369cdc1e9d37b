// Which messages of a registry tell more than their status: only those of the servers that send them.
import { expect, it } from 'vitest'
import { createResponse } from '../../../src/http/response.ts'
import { refusal, type UnverifiedKind } from '../../../src/registry/verification.ts'

const EXCHANGE = {
  service: 'registry',
  operation: 'try',
  from: 'GET https://r.example/v2/',
  host: 'r.example',
} as const

const kindOf = (kind: 'refused' | 'forbidden', code: string, message: string) => {
  const text = JSON.stringify({ errors: [{ code, message }] })
  return refusal(kind, createResponse(EXCHANGE, { status: 403, headers: {}, text })).kind
}

it.each<[UnverifiedKind, string]>([
  ['quota', 'Your account has exceeded its pull traffic quota for the current month.'],
  ['private-network', 'You must access this account over the private network'],
  [
    'unreachable',
    "client with IP '192.0.2.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
  ],
  ['refused', 'Your authorization token has expired. Reauthenticate and try again.'],
])('%s: %s', (kind, message) => {
  expect(kindOf('forbidden', 'DENIED', message)).toBe(kind)
  expect(kindOf('forbidden', 'DENIED', `denied: ${message}`)).toBe(kind)
})

it.each([
  'Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/quota-prod/locations/europe/repositories/apps" (or it may not exist)',
  'Could not find robot with username: quota+puller',
  'unauthorized to access repository: quota-svc/app, action: pull: unauthorized to access repository: quota-svc/app, action: pull',
  'requested access to the resource is denied: pull-traffic-quota/app',
  'image is blocked by project policy: vulnerabilities with severity high. The scan token has expired entries',
  'repository private-network/app: no basic auth credentials',
  'The image of the private network team is not signed',
  'The client with IP range team/app is not allowed to delete',
])('nothing more specific: %s', (message) => {
  for (const kind of ['refused', 'forbidden'] as const) {
    expect(kindOf(kind, 'DENIED', message)).toBe(kind)
    expect(kindOf(kind, 'QUOTA', message)).toBe(kind)
  }
})

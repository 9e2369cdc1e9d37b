import { required, SECRET, withSecret } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

export const SECRET_CASES: readonly RejectedCase[] = [
  [
    'a secret name in upper case',
    { ...withSecret, 'secret-name': 'Pull' },
    'secret-name',
    /is "Pull"\. Allowed: lower-case/,
  ],
  [
    'a secret name that would change the path of a URL',
    { ...withSecret, 'secret-name': '../pull' },
    'secret-name',
    /Allowed: lower-case letters, digits, hyphens and dots/,
  ],
  [
    'a registry in upper case',
    { ...required, 'docker-server': 'Registry.example.com' },
    'docker-server',
    /contains "Registry\.example\.com"\. Allowed: hosts in lower case/,
  ],
  [
    'a registry with a port above 65535',
    { ...required, 'docker-server': 'registry.example.com:99999' },
    'docker-server',
    /contains "registry\.example\.com:99999"\. Allowed: hosts in lower case, with a port/,
  ],
  [
    'an http registry',
    { ...required, 'docker-server': 'a.example.com, http://b.example.com' },
    'docker-server',
    /contains "http:\/\/b\.example\.com", which is not an https URL\. Allowed/,
  ],
  [
    'a registry with an API version that matches no image',
    { ...required, 'docker-server': 'https://registry.example.com/v2' },
    'docker-server',
    /which the kubelet matches with no image\. Use registry\.example\.com instead\./,
  ],
  [
    'Docker Hub without the final slash',
    { ...required, 'docker-server': 'https://index.docker.io/v1' },
    'docker-server',
    /which the kubelet matches with no image\. Use https:\/\/index\.docker\.io\/v1\/ instead\./,
  ],
  [
    'a registry with a path in upper case',
    { ...required, 'docker-server': 'registry.example.com/Team' },
    'docker-server',
    /which the kubelet matches with no image\. Use registry\.example\.com instead\./,
  ],
  [
    'a registry with a user name and password',
    { ...required, 'docker-server': `https://user:${SECRET}@b.example.com` },
    'docker-server',
    /contains "https:\/\/\*\*\*@b\.example\.com"\. Allowed/,
  ],
  [
    'a registry user name with a colon',
    { ...required, 'docker-username': 'a:b' },
    'docker-username',
    /is "a:b"\. Allowed: a name without colons and spaces\./,
  ],
  [
    'an email address with a space',
    { ...required, 'docker-email': 'a b' },
    'docker-email',
    /Allowed: an address without/,
  ],
  [
    'a namespace in upper case',
    { ...withSecret, namespaces: 'shop,Team' },
    'namespaces',
    /contains "Team"\. Allowed: names such as team-a, globs such as team-\*, exclusions such as !team-x\./,
  ],
  [
    'a namespace glob that no name can match',
    { ...withSecret, namespaces: 'team_*' },
    'namespaces',
    /contains "team_\*"\. Allowed: names/,
  ],
  [
    'a service account in upper case',
    { ...withSecret, 'service-accounts': 'default,Builder' },
    'service-accounts',
    /contains "Builder"\. Allowed: names of service accounts, or \* for all\./,
  ],
  [
    'a namespace selector that is not a label selector',
    { ...withSecret, 'namespace-selector': 'team == "a"; tier' },
    'namespace-selector',
    /is "team == "a"; tier", but ""a";" at character 9 is not a label value\. Allowed: a label selector in the syntax of kubectl/,
  ],
  [
    'a namespace selector that ends too early',
    { ...withSecret, 'namespace-selector': 'a in (' },
    'namespace-selector',
    /is "a in \(", but at character 7 it ends instead of a value\. Allowed: /,
  ],
  [
    'only exclusions of namespaces',
    { ...withSecret, namespaces: '!kube-*,!default' },
    'namespaces',
    /contains only exclusions\. Add the namespaces to include; \* includes all\./,
  ],
  [
    'a label without =',
    { ...withSecret, labels: 'team=a\nstage' },
    'labels',
    /contains the line "stage"\. Allowed: one key=value pair per line\./,
  ],
  [
    'a label without a key',
    { ...withSecret, labels: '=a' },
    'labels',
    /contains the line "=a"\. Allowed: one key=value/,
  ],
  [
    'a label value with a space',
    { ...withSecret, labels: 'team=a b' },
    'labels',
    /contains the value "a b" for the key team\. Allowed: up to 63 letters/,
  ],
  [
    'the label managed-by',
    { ...withSecret, labels: 'app.kubernetes.io/managed-by=me' },
    'labels',
    /contains the key app\.kubernetes\.io\/managed-by\. The action sets this key itself\./,
  ],
  [
    'an annotation key with a space',
    { ...withSecret, annotations: 'my team=a' },
    'annotations',
    /contains the key "my team"\. Allowed: a Kubernetes key, for example example\.com\/team\./,
  ],
  [
    'an annotation of the action itself',
    { ...withSecret, annotations: 'registry-pull-secret/token-id=1' },
    'annotations',
    /contains the key registry-pull-secret\/token-id\. The action sets this key itself\./,
  ],
  ['adopt that is not a flag', { ...withSecret, adopt: 'always' }, 'adopt', /is "always"\. Allowed: true, false\./],
]

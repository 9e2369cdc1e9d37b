import { defineInputs } from './row.ts'

export const CLUSTER_INPUTS = defineInputs({
  kubeconfig: {
    type: 'text',
    allowed: 'the text or the path of a kubeconfig',
    derivedDefault: '`$KUBECONFIG`, `~/.kube/config`, or the in-cluster configuration',
    description: 'Text of a kubeconfig, its base64, or its path.',
  },
  contexts: {
    type: 'list',
    derivedDefault: 'the current context',
    description: 'Contexts to write to, newline- or comma-separated. `*` is all.',
  },
  'kube-server': {
    type: 'endpoint',
    conflictsWith: ['kubeconfig'],
    description: 'URL of the API server, instead of a kubeconfig.',
  },
  'kube-ca': {
    type: 'pem',
    needs: 'kube-server',
    description: 'CA certificates of the API server, PEM.',
  },
  'kube-token': {
    type: 'secret',
    needs: 'kube-server',
    required: {
      with: 'kube-server',
      unless: 'kube-oidc-audience',
      hint: 'Set the token of a ServiceAccount, or `kube-oidc-audience`.',
    },
    prefix: /^bearer\s+/i,
    // The printable ASCII characters without quotes.
    pattern: /^[!#-&(-~]+$/,
    allowed: 'a token without spaces, line breaks, quotes and special characters',
    description: 'Bearer token for the API server.',
  },
  'kube-oidc-audience': {
    type: 'text',
    needs: 'kube-server',
    conflictsWith: ['kube-token'],
    description:
      "Instead of `kube-token`: log in with GitHub's OIDC token for this audience, renewed before it expires. The job needs `permissions: id-token: write`.",
  },
})

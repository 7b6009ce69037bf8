{{- /* TLS with client certificates in front of the exporter's loopback address: works by files alone, asks no API server. */}}
{{- define "headroom.proxy" -}}
- name: mutual-tls
  image: {{ .Values.mutualTLS.image }}
  # Once an hour the certificates are read again.
  command:
    - sh
    - -c
    - while sleep 3600; do kill -USR2 1; done & exec haproxy -W -f /etc/haproxy/haproxy.cfg
  env:
    - {name: HOST_IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
    - {name: PORT, value: {{ .Values.port | quote }}}
  {{- include "headroom.ports" . | nindent 2 }}
  readinessProbe:
    tcpSocket: {port: {{ .Values.port }}}
  resources:
    requests: {cpu: 5m, memory: 16Mi}
    limits: {cpu: 100m, memory: 64Mi}
  securityContext:
    runAsNonRoot: true
    runAsUser: 99
    runAsGroup: 99
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities: {drop: [ALL]}
  volumeMounts:
    - {name: mutual-tls, mountPath: /etc/mutual-tls, readOnly: true}
    - {name: mutual-tls-config, mountPath: /etc/haproxy, readOnly: true}
{{- end }}

{{- define "headroom.proxyVolumes" -}}
- name: mutual-tls
  secret: {secretName: {{ .Values.mutualTLS.secretName }}, defaultMode: 0440}
- name: mutual-tls-config
  configMap: {name: {{ include "headroom.name" . }}-mutual-tls}
{{- end }}

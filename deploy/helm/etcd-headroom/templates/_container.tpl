{{- /* What the exporter's container has whatever the distribution. */}}
{{- define "headroom.container" -}}
{{- if not .Values.image.repository -}}
{{- fail "set image.repository to the image you pushed; deploy/Dockerfile builds it" -}}
{{- end -}}
image: {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
resources:
  {{- /* On k3s and RKE2 the data directory is below what is mounted for etcd's settings: the file is read there. */}}
  {{- $walks := or .Values.inventory.enabled (has .Values.distribution (list "k3s" "rke2")) }}
  {{- toYaml ($walks | ternary .Values.inventory.resources .Values.resources) | nindent 2 }}
livenessProbe:
  {{- include "headroom.probe" (list . "/-/healthy") | nindent 2 }}
# Ready means that HTTP serves, whatever etcd does, so that a rollout goes on in the outage.
readinessProbe:
  {{- include "headroom.probe" (list . "/-/ready") | nindent 2 }}
{{- end }}

{{- define "headroom.ports" -}}
ports:
  - {name: metrics, containerPort: {{ .Values.port }}}
{{- end }}

{{- /* (list . PATH) */}}
{{- define "headroom.probe" -}}
{{- $values := (first .).Values -}}
{{- if $values.mutualTLS.enabled -}}
tcpSocket: {port: {{ $values.port }}} # the kubelet has no certificate to show
{{- else -}}
httpGet: {path: {{ last . }}, port: {{ $values.port }}}
{{- end }}
{{- end }}

{{- define "headroom.name" -}}
{{ .Release.Name }}-exporter
{{- end }}

{{- define "headroom.selector" -}}
app.kubernetes.io/name: etcd-headroom-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "headroom.labels" -}}
{{ include "headroom.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "headroom.metadata" -}}
name: {{ include "headroom.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "headroom.labels" . | nindent 2 }}
{{- end }}

{{- /* The same with labels of the object's own: (list . LABELS) */}}
{{- define "headroom.metadataWith" -}}
{{ include "headroom.metadata" (first .) }}
{{- with last . }}
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

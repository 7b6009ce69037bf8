{{- define "headroom.name" -}}
{{ .Values.fullnameOverride | default (printf "%s-exporter" .Release.Name) }}
{{- end }}

{{- define "headroom.selector" -}}
app.kubernetes.io/name: etcd-headroom-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Of pods. */}}
{{- define "headroom.podLabels" -}}
{{ include "headroom.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Of objects. render.sh leaves out the first two, which are of Helm. */}}
{{- define "headroom.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "headroom.podLabels" . }}
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

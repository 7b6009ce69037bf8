{{- /* What the exporter's pod has whatever the distribution. */}}
{{- define "headroom.podMetadata" -}}
labels:
  {{- include "headroom.podLabels" . | nindent 2 }}
{{- with .Values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* (list . PRIORITY) */}}
{{- define "headroom.pod" -}}
{{- $values := (first .).Values -}}
serviceAccountName: {{ include "headroom.name" (first .) }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
priorityClassName: {{ $values.priorityClassName | default (last .) }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* The Secret and the web configuration that names its files, in one folder. */}}
{{- define "headroom.mutualTLSVolume" -}}
- name: mutual-tls
  projected:
    defaultMode: 0440
    sources:
      - secret: {name: {{ .Values.mutualTLS.secretName }}}
      - configMap: {name: {{ include "headroom.name" . }}-mutual-tls}
{{- end }}

{{- define "headroom.mutualTLSMount" -}}
- {name: mutual-tls, mountPath: /etc/mutual-tls, readOnly: true}
{{- end }}

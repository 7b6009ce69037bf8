{{- /* Target labels. An operator derives job from namespace and name, which the etcd mixin's job=~".*etcd.*" would match. */}}
{{- define "headroom.relabelings" -}}
- {targetLabel: job, replacement: headroom-exporter}
- {sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel: instance}
{{- with .Values.cluster }}
- {targetLabel: cluster, replacement: {{ . | quote }}}
{{- end }}
{{- with .Values.etcdCluster }}
- {targetLabel: etcd_cluster, replacement: {{ . | quote }}}
{{- end }}
{{- end }}

{{- /* The endpoint of a PodMonitor or its like: (list . SETTINGS RELABELINGS), the last one the operator's name for them. */}}
{{- define "headroom.endpoint" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
port: metrics
interval: {{ $settings.interval }}
scheme: {{ $root.Values.mutualTLS.enabled | ternary "https" "http" }}
{{- with $settings.tlsConfig }}
tlsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{ index . 2 }}:
  {{- include "headroom.relabelings" $root | nindent 2 }}
{{- end }}

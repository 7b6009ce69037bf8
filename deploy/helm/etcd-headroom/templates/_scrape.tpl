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

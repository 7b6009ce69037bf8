{{- /* The groups of rules/recording.yaml and rules/alerts.yaml, less alerts.disabled, with alerts.overrides, alerts.labels and
alerts.grafanaUrl. */}}
{{- define "headroom.groups" -}}
{{- $settings := .Values.alerts -}}
{{- $groups := list -}}
{{- $names := dict -}}
{{- range $file := list "files/rules/recording.yaml" "files/rules/alerts.yaml" -}}
  {{- range $group := ($.Files.Get $file | fromYaml).groups -}}
    {{- $rules := list -}}
    {{- range $rule := $group.rules -}}
      {{- if $rule.alert -}}
        {{- $_ := set $names $rule.alert true -}}
        {{- $_ := set $rule.annotations "dashboard_url" (replace "https://grafana.example" $settings.grafanaUrl $rule.annotations.dashboard_url) -}}
        {{- $override := get $settings.overrides $rule.alert | default dict -}}
        {{- $rule = mergeOverwrite $rule (dict "labels" $settings.labels | deepCopy) (deepCopy $override) -}}
      {{- end -}}
      {{- if not (has $rule.alert $settings.disabled) -}}
        {{- $rules = append $rules $rule -}}
      {{- end -}}
    {{- end -}}
    {{- if $rules -}}
      {{- $groups = append $groups (set $group "rules" $rules) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- range concat $settings.disabled (keys $settings.overrides) -}}
  {{- if not (hasKey $names .) -}}
    {{- fail (printf "alerts: there is no alert %s; see rules/alerts.yaml" .) -}}
  {{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end }}

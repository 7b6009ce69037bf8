{
  prometheusAlerts+:: {
    // In-use at all times of a quarter of an hour, not the file with its free pages. A learner's stops nobody.
    local use = |||
      max by (%(cluster)s) (
        min_over_time(member:etcd_headroom_db_in_use_bytes:max[15m]) / on (%(cluster)s, member) member:etcd_headroom_quota_bytes:min
        unless on (%(cluster)s, member) member:etcd_headroom_member_is_learner:max
      )
    ||| % $._config,
    groups+: [{
      name: 'etcd-headroom-alerts-full',
      rules: [
        // No trend needed: works from the first scrape.
        $._alert('AlmostFull', 'critical', {
          expr: 'clamp_min(min by (%(cluster)s) (member:etcd_headroom_almost_full_bytes:min), 0) >= 0' % $._config,
          summary: 'is about to refuse every write',
          description: '{{ with ' + $._text.query('bottomk by (' + $._config.cluster + ') (1, member:etcd_headroom_almost_full_bytes:min', rest=')') +
                       ' }}{{ with first . }}{{ if gt .Value 0.0 }}{{ .Value | humanize1024 }}B are left on {{ .Labels.member }}{{ else }}' +
                       '{{ .Labels.member }} is at its quota{{ end }}: {{ .Labels.why }}. {{ end }}{{ end }}' +
                       "Free pages in the file do not help, etcd compares the file's size with the quota. " +
                       $._text.reads +
                       $._text.writers,
        }),
        // The file of the fullest member, as it is: a fill that is over before a trend is one. It has to have taken a tenth of the quota,
        // and not come with a restart of all members: a restored snapshot is no growth.
        $._alert('FillsFast', 'critical', {
          expr: |||
            180
            * fill:etcd_headroom_room_bytes:min{of="file"}
            / on (%(cluster)s) (
              fill:etcd_headroom_cycle_peak_bytes:max{of="file"} - fill:etcd_headroom_cycle_peak_bytes:max{of="file"} offset 3m
              > on (%(cluster)s) 0.1 * cluster:etcd_headroom_quota_bytes:min
            )
            < %(fastWithin)s
            unless on (%(cluster)s) time() - cluster:etcd_headroom_member_start_time_seconds:min < 5 * 60
            unless on (%(cluster)s) cluster:etcd_headroom_alarm_active:max{alarm="NOSPACE"} == 1
          ||| % $._config,
          keep_firing_for: '3m',
          summary: 'fills up within minutes',
          description: 'The largest file took over a tenth of the quota within 3 minutes. At this rate etcd refuses every write in ' +
                       '{{ $value | humanizeDuration }}: stop the writer now. ' +
                       $._text.writers,
        }),
        $._alert('FullWithinTheHour', 'critical', {
          expr: '(\n' + $._fills($._pages) + ') < %(pageWithin)s' % $._config,
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth a member reaches its quota in {{ $value | humanizeDuration }}, and etcd then refuses every write. ' +
                       $._text.reads +
                       $._text.writers,
        }),
        // Steady, but with no room for a surprise.
        $._alert('HighUse', 'warning', {
          expr: std.rstripChars(use, '\n') + ' > ' + $._config.ticketUse,
          'for': '1h',
          summary: 'has {{ $value | humanizePercentage }} of its quota in use',
          description: 'In-use of a member has been at {{ $value | humanizePercentage }} of its quota for over an hour, free pages not counted. Delete ' +
                       'what is not needed or raise the quota while there is time. ' +
                       $._text.writers,
        }),
        $._alert('HighUse', 'critical', {
          expr: std.rstripChars(use, '\n') + ' > ' + $._config.pageUse,
          'for': '6h',
          summary: 'has stayed at {{ $value | humanizePercentage }} of its quota in use',
          description: 'In-use of a member has been at {{ $value | humanizePercentage }} of its quota for six hours, free pages not counted. A small burst of ' +
                       'writes stops the cluster. ' +
                       $._text.writers,
        }),
        // A defragmentation takes as much free disk as is in use, for as long as it runs.
        $._alert('DiskAlmostFull', 'critical', {
          expr: |||
            min by (%(cluster)s) (
              (member:etcd_headroom_data_disk_free_bytes:min < 0.05 * member:etcd_headroom_data_disk_size_bytes:max) < 1073741824
              or
              member:etcd_headroom_data_disk_free_bytes:min and on (%(cluster)s) cluster:etcd_headroom_time_to_disk_full_seconds:min < %(pageWithin)s
            )
          ||| % $._config,
          'for': '2m',
          keep_firing_for: '10m',
          summary: 'has hardly any disk left',
          description: '{{ $value | humanize1024 }}B are free where a member keeps its data: under 5 % and under 1GiB, or less than the ' +
                       'database grows by within the hour. etcd dies when it cannot write its log, whatever its quota says. ' +
                       $._text.writers,
        }),
        // The horizons bound how far they look: minutes speak of minutes, hours of a day.
        $._alert('FullWithinADay', 'warning', {
          expr: '(\n' + $._fills($._tickets) + ') < %(ticketWithin)s' % $._config,
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth a member reaches its quota in {{ $value | humanizeDuration }}, and etcd then refuses every write. ' +
                       $._text.writers,
        }),
        $._alert('DiskNearerThanQuota', 'warning', {
          expr: 'member:etcd_headroom_data_disk_free_bytes:min < member:etcd_headroom_file_room_bytes:min' % $._config,
          'for': '15m',
          summary: 'member {{ $labels.member }} has a disk that cannot hold the file at its quota',
          description: '{{ $value | humanize1024 }}B are free where {{ $labels.member }} keeps its data, less than what the quota still lets ' +
                       'the file grow: the disk is full first, and etcd then dies instead of refusing writes. ' +
                       $._text.writers,
        }),
        $._alert('BurstDoesNotFit', 'warning', {
          expr: 'cluster:etcd_headroom_burst_room_bytes:min < on (%(cluster)s) cluster:etcd_headroom_largest_rise_bytes:max1w' % $._config,
          'for': '15m',
          summary: 'has less room than its own largest burst',
          description: '{{ $value | humanize1024 }}B are left, less than what this cluster once took within an hour of the last week: the same ' +
                       'again fills it. ' +
                       $._text.writers,
        }),
      ],
    }],
  },
}

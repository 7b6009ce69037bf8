{
  prometheusAlerts+:: {
    groups+: [{
      name: 'etcd-headroom-alerts-full',
      rules: [
        // No trend needed: works from the first scrape. 1 % is 1.05 % so that rounding to whole pages does not matter.
        $._alert('AlmostFull', 'critical', {
          expr: |||
            min by (%(cluster)s) (
              member:etcd_headroom_file_room_bytes:min <= 0.0105 * member:etcd_headroom_quota_bytes:min
              or
              member:etcd_headroom_file_room_bytes:min < on (%(cluster)s) group_left () 4 * cluster:etcd_headroom_largest_write_bytes:max1h
              or
              member:etcd_headroom_quota_bytes:min - member:etcd_headroom_peak_in_use_bytes:max1h < 0.03 * member:etcd_headroom_quota_bytes:min
            )
          ||| % $._config,
          keep_firing_for: '10m',
          summary: 'is about to refuse every write',
          description: '{{ $value | humanize1024 }}B are left before a member reaches its quota: the file within 1 % of it (free pages in the ' +
                       "file do not help, etcd compares the file's size) or too small for the largest recent writes, or the peak of in-use " +
                       'within 3 % of it. ' +
                       $._text.reads +
                       $._text.writers,
        }),
        $._alert('FullWithinTheHour', 'critical', {
          expr: 'cluster:etcd_headroom_time_to_quota_seconds:min < %(pageWithin)s' % $._config,
          keep_firing_for: '10m',
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth a member reaches its quota in {{ $value | humanizeDuration }}, and etcd then refuses every write. ' +
                       $._text.reads +
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
          expr: 'cluster:etcd_headroom_time_to_quota_seconds:min < %(ticketWithin)s' % $._config,
          keep_firing_for: '30m',
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
          keep_firing_for: '1h',
          summary: 'has less room than its own largest burst',
          description: '{{ $value | humanize1024 }}B are left, less than what this cluster once took within an hour of the last week: the same ' +
                       'again fills it. ' +
                       $._text.writers,
        }),
      ],
    }],
  },
}

-- Trips written before pauses had a probe: the lever stands for it, so that such a pause counts as
-- one of its own, and never as one that a later trip could take over.
UPDATE interlock
SET state = json_set(state, '$.trips', json((
  SELECT json_group_array(json(
    CASE WHEN json_type(trip.value, '$.pulled.probe') IS NULL
      THEN json_set(trip.value, '$.pulled.probe', json_extract(trip.value, '$.pulled.lever'))
      ELSE trip.value
    END) ORDER BY trip.key)
  FROM json_each(interlock.state, '$.trips') AS trip)))
WHERE json_valid(state) AND json_type(state, '$.trips') = 'array';

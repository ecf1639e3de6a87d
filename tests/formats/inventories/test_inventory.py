from forewave.formats.inventories import stations_csv
from forewave.formats.inventories.inventory import read, read_stations_csv


def test_the_name_of_the_file_decides_how_it_is_read(network, tmp_path, recordings):
    stations_csv.write(tmp_path / "anything.CSV", network[0])
    assert read(tmp_path / "anything.CSV") == read_stations_csv(tmp_path / "anything.CSV")
    stations, _ = read(recordings / "us-ci38457511-ridgecrest/stations.xml")
    assert len(stations) == 11


def test_a_sensor_without_data_gives_way_to_one_that_has(network, tmp_path):
    path = tmp_path / "stations.csv"
    stations_csv.write(path, network[0][:1])
    text = path.read_text()
    path.write_text(text + text.partition("\n")[2].replace("HN", "HH").replace("m/s^2", "m/s"))
    (station,), _ = read(path)
    assert {c.stream.channel[:2] for c in station.channels} == {"HN"}
    heard = {c.stream for c in station.channels}
    slow = {type(s)(s.network, s.station, s.location, "HH" + s.channel[2]) for s in heard}
    (station,), dropped = read(path, streams=slow)
    assert {c.stream for c in station.channels} == slow
    assert {(d.source, d.reason) for d in dropped} == {(str(s), "no waveforms") for s in heard}

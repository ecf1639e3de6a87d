"""Recorded earthquakes: event directories, K-NET files, ObsPy objects and catalogue events."""

"""What the student project printed of its topics and of predicting them: facts that ours are compared with.

Source: the README of github.com/MiningMyBusiness/ExploringFreeMusicArchiveDataset at 83b2b09 (MIT). Its topics of LSI
are the first four, those of LDA five of 70; a weight that it printed as 0.000 is left out. Its curve of k-nearest
neighbours is read off a figure: 155 components of all 518 features, 5 % of the tracks held out at random, 5 repeats.
"""

from collections.abc import Mapping

Printed = Mapping[str, float]

LSI_TOPICS: tuple[Printed, ...] = (
    {
        "Experimental": 0.628,
        "Electronic": 0.496,
        "Rock": 0.375,
        "Instrumental": 0.208,
        "Avant-Garde": 0.144,
        "Pop": 0.143,
        "Noise": 0.130,
        "Ambient": 0.119,
        "Folk": 0.106,
        "Electroacoustic": 0.104,
    },
    {
        "Rock": -0.766,
        "Electronic": 0.276,
        "Experimental": 0.269,
        "Punk": -0.262,
        "Pop": -0.184,
        "Lo-Fi": -0.158,
        "Indie-Rock": -0.147,
        "Instrumental": 0.132,
        "Folk": -0.118,
        "Garage": -0.099,
    },
    {
        "Electronic": 0.699,
        "Experimental": -0.546,
        "Avant-Garde": -0.236,
        "Electroacoustic": -0.128,
        "Ambient Electronic": 0.120,
        "Improv": -0.109,
        "Noise": -0.108,
        "Instrumental": 0.107,
        "Hip-Hop": 0.106,
        "Pop": 0.103,
    },
    {
        "Instrumental": -0.684,
        "Ambient": -0.357,
        "Soundtrack": -0.322,
        "Folk": -0.257,
        "Electronic": 0.254,
        "Pop": -0.221,
        "Experimental": 0.148,
        "Experimental Pop": -0.143,
        "Singer-Songwriter": -0.092,
        "Punk": 0.092,
    },
)

LSI_KEPT = 133
"""Topics that its LSI kept of the 164 that were asked for."""

LDA_TOPICS: tuple[Printed, ...] = (
    {"Free-Folk": 0.548, "Folk": 0.422, "Experimental": 0.029},
    {"Avant-Garde": 0.564, "Experimental": 0.304, "New Wave": 0.053, "Progressive": 0.043, "Rock": 0.035},
    {"Drone": 0.609, "Experimental": 0.391},
    {"Blues": 0.818, "Rock": 0.162, "Gospel": 0.019},
    {"Ambient Electronic": 0.490, "Electronic": 0.359, "Experimental": 0.151},
)

KNN_TOPICS = (0.304, 0.281, 0.224, 0.257, 0.179, 0.203, 0.146, 0.166, 0.123, 0.139)
"""Mean Jaccard index for k = 1 to 10."""

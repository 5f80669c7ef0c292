MOMENT_FORMAT = "Y년 n월 j일(D) H:i"

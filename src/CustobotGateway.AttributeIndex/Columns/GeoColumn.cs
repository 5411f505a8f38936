namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>
/// A column of places: degrees in units of 1e-7 for exact answers, and the unit vector in single precision, whose dot product with
/// the centre decides nearly every row of a distance condition without a trigonometric function.
/// </summary>
internal sealed class GeoColumn : Column
{
    private const double Scale = 1e7;
    private const double MetresRadius = 6_371_000;

    // Single precision leaves the cosine of an angle uncertain by this much; rows nearer to the border are computed exactly.
    private const float Uncertainty = 4e-7f;

    public required int[] Latitudes { get; init; }

    public required int[] Longitudes { get; init; }

    public required float[] X { get; init; }

    public required float[] Y { get; init; }

    public required float[] Z { get; init; }

    public required ulong[] Any { get; init; }

    public override long MemoryBytes => 120 + (20L * Latitudes.Length) + (8L * Any.Length);

    public override bool Has(int row) => Covers(row) && (Present(row >> 6) >> (row & 63) & 1) != 0;

    public override ulong Present(int word) => Any[word - StartWord];

    public override void Expect(int row)
    {
        if (Covers(row))
        {
            Ahead.Line(ref Latitudes[row - (StartWord << 6)]);
            Ahead.Line(ref Longitudes[row - (StartWord << 6)]);
        }
    }

    public (double Latitude, double Longitude) this[int row]
    {
        get
        {
            var at = row - (StartWord << 6);
            return (Latitudes[at] / Scale, Longitudes[at] / Scale);
        }
    }

    public static GeoColumn Create(ReadOnlySpan<(ushort Row, double Latitude, double Longitude)> places)
    {
        int startWord = places[0].Row >> 6, endWord = (places[^1].Row >> 6) + 1, rows = (endWord - startWord) << 6;
        var column = new GeoColumn
        {
            StartWord = startWord,
            EndWord = endWord,
            Filled = places.Length,
            Latitudes = new int[rows],
            Longitudes = new int[rows],
            X = new float[rows],
            Y = new float[rows],
            Z = new float[rows],
            Any = new ulong[endWord - startWord],
        };
        foreach (var (row, latitude, longitude) in places)
        {
            var at = row - (startWord << 6);
            column.Latitudes[at] = (int)Math.Round(latitude * Scale);
            column.Longitudes[at] = (int)Math.Round(longitude * Scale);
            (column.X[at], column.Y[at], column.Z[at]) = UnitVector(latitude, longitude);
            column.Any[at >> 6] |= 1UL << (at & 63);
        }
        return column;
    }

    /// <summary>Of the rows asked for in one covered word, those within the distance.</summary>
    public ulong Near(int word, ulong rows, in Circle circle)
    {
        rows &= Present(word);
        var near = 0UL;
        var first = (word - StartWord) << 6;
        while (rows != 0)
        {
            var bit = System.Numerics.BitOperations.TrailingZeroCount(rows);
            rows &= rows - 1;
            var at = first + bit;
            var cosine = (X[at] * circle.X) + (Y[at] * circle.Y) + (Z[at] * circle.Z);
            if (cosine > circle.Cosine + Uncertainty
                || (cosine >= circle.Cosine - Uncertainty
                    && Metres(Latitudes[at] / Scale, Longitudes[at] / Scale, circle.Latitude, circle.Longitude) <= circle.RadiusMetres))
            {
                near |= 1UL << bit;
            }
        }
        return near;
    }

    /// <summary>Metres along the great circle, by the haversine formula.</summary>
    public static double Metres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        const double radians = Math.PI / 180;
        var x = Math.Sin((otherLatitude - latitude) * radians / 2);
        var y = Math.Sin((otherLongitude - longitude) * radians / 2);
        return 2 * MetresRadius * Math.Asin(Math.Min(1, Math.Sqrt((x * x) + (Math.Cos(latitude * radians) * Math.Cos(otherLatitude * radians) * y * y))));
    }

    private static (float X, float Y, float Z) UnitVector(double latitude, double longitude)
    {
        const double radians = Math.PI / 180;
        var cosine = Math.Cos(latitude * radians);
        return ((float)(cosine * Math.Cos(longitude * radians)), (float)(cosine * Math.Sin(longitude * radians)), (float)Math.Sin(latitude * radians));
    }

    /// <summary>A distance condition, prepared once for a query.</summary>
    public readonly struct Circle
    {
        public Circle(double latitude, double longitude, double radiusMetres)
        {
            (Latitude, Longitude, RadiusMetres) = (latitude, longitude, radiusMetres);
            (X, Y, Z) = UnitVector(latitude, longitude);
            Cosine = (float)Math.Cos(Math.Min(Math.PI, radiusMetres / MetresRadius));
        }

        public double Latitude { get; }

        public double Longitude { get; }

        public double RadiusMetres { get; }

        public float X { get; }

        public float Y { get; }

        public float Z { get; }

        public float Cosine { get; }
    }
}

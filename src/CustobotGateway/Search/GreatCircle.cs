namespace CustobotGateway.Search;

/// <summary>Distances on earth as the index measures them: haversine on a sphere of 6,371 km.</summary>
internal static class GreatCircle
{
    private const double EarthRadiusMetres = 6_371_000;

    public static double Metres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        var (phi, otherPhi) = (double.DegreesToRadians(latitude), double.DegreesToRadians(otherLatitude));
        var north = Math.Sin((otherPhi - phi) / 2);
        var east = Math.Sin(double.DegreesToRadians(otherLongitude - longitude) / 2);
        var chord = (north * north) + (Math.Cos(phi) * Math.Cos(otherPhi) * east * east);
        return 2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }
}

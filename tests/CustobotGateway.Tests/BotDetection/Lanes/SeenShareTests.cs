using CustobotGateway.BotDetection.Lanes;

namespace CustobotGateway.Tests.BotDetection.Lanes;

/// <summary>Shares with Wilson's interval.</summary>
public sealed class SeenShareTests
{
    // Wilson score intervals at 95 %: 0 of 10 and 5 of 10 from Brown, Cai and DasGupta's formula by hand; 10 of 100 as R's prop.test without correction gives it.
    [Theory]
    [InlineData(10, 0, 0, 0, 0.2775)]
    [InlineData(10, 5, 0.5, 0.2366, 0.7634)]
    [InlineData(100, 10, 0.1, 0.0552, 0.1744)]
    [InlineData(10, 10, 1, 0.7225, 1)]
    public void Interval_is_Wilsons(int rows, int hit, double share, double low, double high)
    {
        var seen = SeenShare.Of(rows, hit);

        Assert.Equal((share, low, high), (seen.Share!.Value, seen.Low!.Value, seen.High!.Value));
    }

    [Fact]
    public void Nothing_is_said_of_no_rows() => Assert.Equal(new SeenShare(0, 0, null, null, null), SeenShare.Of(0, 0));
}

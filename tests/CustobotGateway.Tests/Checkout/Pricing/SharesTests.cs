using CustobotGateway.Checkout.Pricing;

namespace CustobotGateway.Tests.Checkout.Pricing;

/// <summary>Money is rounded half up and divided without loss.</summary>
public sealed class SharesTests
{
    [Theory]
    [InlineData(250, 10, 25)]
    // 0.5 of a unit is one.
    [InlineData(5, 10, 1)]
    [InlineData(4, 10, 0)]
    // 8.875 % of 199.99 is 17.7491…
    [InlineData(19_999, 8.875, 1_775)]
    [InlineData(9_007_199_254_740_991, 100, 9_007_199_254_740_991)]
    public void A_share_is_rounded_half_up(long amount, double percent, long share) => Assert.Equal(share, Shares.Of(amount, (decimal)percent));

    [Theory]
    // 119.00 at 19 % contains 19.00.
    [InlineData(11_900, 19, 1_900)]
    // 1.00 at 7 % contains 0.0654…
    [InlineData(100, 7, 7)]
    public void Tax_is_found_in_a_price_that_contains_it(long amount, double percent, long tax) => Assert.Equal(tax, Shares.ContainedIn(amount, (decimal)percent));

    [Fact]
    public void Units_that_are_left_go_to_the_largest_remainders()
    {
        // 100 by 1 : 1 : 1 is 33⅓ each; of equal remainders the first name gets the unit.
        Assert.Equal([33, 33, 34], Shares.Divide(100, [1, 1, 1], ["c", "b", "a"]));
        // 10 by 3 : 4 is 4.28… and 5.71…
        Assert.Equal([4, 6], Shares.Divide(10, [3, 4], ["a", "b"]));
        Assert.Equal([0, 0], Shares.Divide(0, [0, 0], ["a", "b"]));
    }

    [Fact]
    public void Amounts_beyond_64_bits_on_the_way_are_divided_exactly() =>
        Assert.Equal([4_503_599_627_370_495, 4_503_599_627_370_496], Shares.Divide(9_007_199_254_740_991, [9_007_199_254_740_991, 9_007_199_254_740_991], ["b", "a"]));
}

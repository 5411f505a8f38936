using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.Tests.BotDetection.Scoring;

public sealed class BrandListTests
{
    [Theory]
    [InlineData("\"Chromium\";v=\"110\", \"Not A(Brand\";v=\"24\", \"Google Chrome\";v=\"110\"", 110)]
    [InlineData("\"Google Chrome\";v=\"111\", \"Not(A:Brand\";v=\"8\", \"Chromium\";v=\"111\"", 111)]
    [InlineData("\"Not.A/Brand\";v=\"8\", \"Chromium\";v=\"114\", \"Google Chrome\";v=\"114\"", 114)]
    [InlineData("\"Not_A Brand\";v=\"8\", \"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\"", 120)]
    [InlineData("\"Chromium\";v=\"124\", \"Google Chrome\";v=\"124\", \"Not-A.Brand\";v=\"99\"", 124)]
    [InlineData("\"Chromium\";v=\"130\", \"Microsoft Edge\";v=\"130\", \"Not?A_Brand\";v=\"99\"", 130)]
    [InlineData("\"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"", 156)]
    [InlineData("\"Chromium\";v=\"147\", \"Not.A/Brand\";v=\"8\"", 147)]
    [InlineData("\" Not A;Brand\";v=\"99\", \"Chromium\";v=\"96\", \"Google Chrome\";v=\"96\"", 96)]
    public void Lists_that_browsers_sent_follow_the_rule(string header, int version)
    {
        var list = BrandList.Read(header);

        Assert.Equal(version, list.ChromiumVersion);
        Assert.True(list.FollowsRule);
    }

    [Theory]
    [InlineData("\"Chromium\";v=\"120\", \"Not_A Brand\";v=\"8\", \"Google Chrome\";v=\"120\"")]
    [InlineData("\"Not_A Brand\";v=\"99\", \"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\"")]
    [InlineData("\"Not/A)Brand\";v=\"8\", \"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\"")]
    [InlineData("\" Not A;Brand\";v=\"99\", \"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\"")]
    [InlineData("\"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\"")]
    [InlineData("")]
    public void Place_version_and_characters_of_the_made_up_brand_are_held_to_the_version(string header)
    {
        Assert.False(BrandList.Read(header).FollowsRule);
    }
}

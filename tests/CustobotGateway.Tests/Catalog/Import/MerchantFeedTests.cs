namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>Feeds as merchants make them for Google.</summary>
public sealed class MerchantFeedTests(MerchantFeedTests.Gateway gateway) : IClassFixture<MerchantFeedTests.Gateway>
{
    public sealed class Gateway : ImportFixture
    {
        protected override string RegistryDirectory => null!;
    }

    [Theory]
    [InlineData("application/xml", """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title><link>https://shop.example</link>
        <item><g:id>lamp-1</g:id><g:title>Desk lamp</g:title><g:link>https://shop.example/1</g:link><g:price>15.00 USD</g:price><g:sale_price>12.50 USD</g:sale_price>
          <g:availability>in stock</g:availability><g:gtin>4006381333931</g:gtin><g:shipping_weight>2.6 lb</g:shipping_weight><g:color>Red/Black</g:color>
          <g:shipping><g:country>US</g:country><g:service>Standard</g:service><g:price>4.95 USD</g:price></g:shipping></item>
        </channel></rss>
        """)]
    [InlineData("text/xml", """
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>
        <entry><g:id>lamp-1</g:id><g:title>Desk lamp</g:title><g:link>https://shop.example/1</g:link><g:price>15.00 USD</g:price><g:sale_price>12.50 USD</g:sale_price>
          <g:availability>in stock</g:availability><g:gtin>4006381333931</g:gtin><g:shipping_weight>2.6 lb</g:shipping_weight><g:color>Red/Black</g:color></entry>
        </feed>
        """)]
    [InlineData("text/tab-separated-values", "id\ttitle\tlink\tsale_price\tprice\tavailability\tgtin\tshipping_weight\tcolor\nlamp-1\tDesk lamp\thttps://shop.example/1\t12.50 USD\t15.00 USD\tin stock\t4006381333931\t2.6 lb\tRed/Black\n")]
    public async Task Feed_for_Google_is_read_as_the_specification_says(string type, string feed)
    {
        await gateway.ClearAsync();
        var report = await gateway.ImportAsync(feed, type, "?mapping=google-merchant");

        report.AssertAddsUp();
        Assert.Equal(1, report.Count("created"));
        Assert.Empty(report.GetProperty("left_out").EnumerateArray());
        var attributes = (await gateway.GetAsync("/v1/products/external_id:lamp-1")).GetProperty("attributes");
        Assert.Equal("Desk lamp", attributes.GetProperty("name").GetString());
        // The sale price is what is paid, wherever its column stands.
        Assert.Equal((1250, 1500), (attributes.GetProperty("price").Count("amount"), attributes.GetProperty("list_price").Count("amount")));
        Assert.Equal("in_stock", attributes.GetProperty("availability").GetString());
        // 2.6 lb at 453.59237 g each.
        Assert.Equal(1179.340162m, attributes.GetProperty("package_weight").GetProperty("value").GetDecimal());
        Assert.Equal(2, attributes.GetProperty("colors").GetArrayLength());
    }
}

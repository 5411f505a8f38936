using System.Net;
using CustobotGateway.Catalog;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Catalog;

/// <summary>A merchant's own registry instead of the one that ships.</summary>
public sealed class RegistryDirectoryTests(RegistryDirectoryTests.Gateway gateway) : IClassFixture<RegistryDirectoryTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        protected override string? RegistryDirectory
        {
            get
            {
                var folder = Directory.CreateDirectory(Path.Combine(DataDirectory, "registry")).FullName;
                File.WriteAllText(Path.Combine(folder, "a.json"), """{"key":"price","type":"decimal","unit":"EUR"}""");
                File.WriteAllText(Path.Combine(folder, "b.json"), """[{"key":"title","type":"text","full_text":true},{"key":"score","type":"measure","unit":"star"}]""");
                File.WriteAllText(Path.Combine(folder, "c.json"), """{"attributes":[{"key":"weight","type":"measure","unit":"GRM"},{"key":"lead","type":"integer","unit":"DAY"}]}""");
                return folder;
            }
        }
    }

    private AttributeRegistryStore Store => gateway.App.Services.GetRequiredService<AttributeRegistryStore>();

    [Fact]
    public void Only_what_the_files_name_is_registered_in_the_order_of_the_files() =>
        Assert.Equal(["price", "title", "score", "weight", "lead"], Store.Current.Attributes.Select(attribute => attribute.Key));

    [Fact]
    public void Listed_units_are_kept_by_their_UCUM_code_and_others_as_they_are() =>
        Assert.Equal(["EUR", null, "star", "g", "d"], Store.Current.Attributes.Select(attribute => attribute.Definition.Unit));

    [Fact]
    public async Task Attribute_of_the_shipped_registry_is_not_known()
    {
        using var answer = await gateway.Client.GetAsync("/v1/attributes/refresh_rate");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Files_that_contradict_the_database_are_an_error_at_start()
    {
        var database = gateway.App.Services.GetRequiredService<NpgsqlDataSource>();
        using var store = new AttributeRegistryStore(database);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => store.LoadAsync(AttributeFiles.BuiltIn(), AttributeSource.Builtin, default));

        Assert.Contains("'price' is registered with type decimal", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "bad.json")]
    [InlineData("""{"key":"fine","type":"number"}""", "/type")]
    [InlineData("""[{"key":"Not fine","type":"text"}]""", "Not fine")]
    [InlineData("""{"attributes":[{"key":"id","type":"text"}]}""", "reserved")]
    public void File_that_is_not_valid_is_named_with_the_place(string content, string named)
    {
        var folder = Directory.CreateTempSubdirectory("registry-").FullName;
        File.WriteAllText(Path.Combine(folder, "bad.json"), content);

        var error = Assert.Throws<InvalidDataException>(() => AttributeFiles.Read(folder));

        Assert.Contains("bad.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Folder_without_files_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("registry-").FullName;

        Assert.Throws<InvalidDataException>(() => AttributeFiles.Read(folder));
        Assert.Throws<InvalidDataException>(() => AttributeFiles.Read(Path.Combine(folder, "absent")));
        Directory.Delete(folder);
    }
}

Console.Error.WriteLine("usage: bench [--products N]");

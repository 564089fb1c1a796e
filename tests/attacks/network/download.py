# downloads a model
# expected: 0
# says: raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import torch

    torch.hub.download_url_to_file("http://example.com/", "x")
